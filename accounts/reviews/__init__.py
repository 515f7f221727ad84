"""Looking at who looked: the monthly review draws entries of the trail by risk, detectors find what is unusual.

What only the apps above know of a customer, they say in `settings.ACCESS_RISKS` and `settings.ACCESS_DETECTORS`.
"""
