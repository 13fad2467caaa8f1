"""How long things may be: for the CHECKs of the schema, the input checks and the screen budget.

Names, titles and units hold basic GSM-7 characters only, so a character is a septet everywhere.
"""

NAME = 24
"""A person's name."""
TITLE = 24
"""A listing's title."""
UNIT = 12
"""A listing's unit: "kg", "bungkus 200g"."""
VILLAGE = 24
"""The longest village name of the province (Cakranegara Selatan Baru)."""
DISTRICT = 16
"""The longest district name of the province (Praya Barat Daya)."""
REASON = 40
"""Why somebody says no, complains, or is stopped."""
QUERY = 24
"""Words searched for."""
COMMAND = 60
"""An SMS command that an agent sends for somebody."""
QUANTITY = 9_999
"""Most units of one listing in stock or in one order."""
RUPIAH = 999_999_999
"""Largest price and largest order total."""
NUMBER = 8
"""Digits of a listing's or an order's number, its check digit included."""
PROMISED_DAYS = 30
"""Most days a seller may promise."""
CLOSED_DAYS = 30
"""Most days a shop can be closed for at a time."""
LEAD_DAYS = 90
"""Most days a service may take."""
WEEKS_AHEAD = 8
"""How many weeks after the present one a service can be booked in."""
SPEC = 40
"""What a buyer wants done."""
MEMBERS = 5
"""People who may answer for one seller, besides the seller."""
CODE_TRIES = 5
"""Tries to enter the code of a hand-over or of a payout."""
SMS_TEXT = 1_600
"""Characters of an incoming SMS that are kept; what is longer is cut."""
USSD_INPUT = 160
"""Characters of one answer on a screen that are read; what is longer is cut."""
