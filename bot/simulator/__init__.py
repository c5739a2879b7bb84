"""An agenda-based user simulator that talks to the trained assistant.

After Schatzmann, Thomson, Weilhammer, Ye and Young (2007), "Agenda-Based User Simulation for
Bootstrapping a POMDP Dialogue System": a viewer has a goal (constraints on the title sought, facts
to ask about the one found) and an agenda, a stack of acts still to be said. What the assistant
answers pushes acts onto it and takes others off; the viewer says what is on top.

    goal      what is sought, and which titles of the catalogue are acceptable
    facts     the facts a viewer asks about, and whether a text tells one
    kinds     the kinds of viewers
    acts      what a viewer can do in a turn, and the agenda
    heard     an answer as a viewer reads it
    viewer    what is pushed and popped
    wording   acts as sentences (en.yml, zh.yml, mixed.yml), with slips of the keyboard
    play      one conversation
    outcome   what is counted, and the table
"""
