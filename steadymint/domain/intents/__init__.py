"""An intent is what a user means to do on chain, from the prepared calldata to the row in the catalog.

`kinds` is the table of what an intent can be; each kind has a module of its name here. `machine` is the state machine,
`order` the input of a flow, `messages` what flows are told and answer, `rows` what is stored, `view` what is shown.
"""
