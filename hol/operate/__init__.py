"""The operator's side: may I run this, what does it cost, and how does it stop?"""
