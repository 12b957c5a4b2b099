"""What installs, tries, takes back and removes a release of posecoach on a box.

Only Python's own library, of 3.11 and later: it runs before anything is installed.
`bundle.tool` makes one file of it.
"""
