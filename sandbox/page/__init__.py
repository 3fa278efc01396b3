"""The files of the web page; `sandbox.control.page` serves them."""
