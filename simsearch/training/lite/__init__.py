"""Make the encoder of photos that is shipped."""
