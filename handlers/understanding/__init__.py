"""What somebody means by what he types: text in, meaning out. Pure."""
