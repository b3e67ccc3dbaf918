"""simsearch: what is like this one, and which of these are the same thing?"""
