"""An encoder and a store together: items that can be asked what is like this one."""
