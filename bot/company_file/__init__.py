"""The company file: read, checked, examined, published; every fault named with its line."""
