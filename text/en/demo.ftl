# What the built-in demonstration model says. It is no AI and says so.
demo-who = This is the demonstration model of Waarborg. I am not an AI: I am a small fixed program that shows what a model gets to see of your message.
demo-greeting = Good day { $person }.
demo-seen-none = I saw no replaced data in your message.
demo-seen = I did not see your data, only stand-ins. Waarborg fills them in again on the way back. So you read your own words here: { $list }.
demo-genitive = { $person }'s message has arrived.
demo-repeat = Even when a model copies the stand-ins sloppily, they come back right: { $list }.
demo-topic-passport = You apply for a passport or identity card at the desk. Bring your old document and a photo. It is ready after five working days.
demo-topic-moving = You report a move from four weeks before until five days after the day you move.
demo-topic-waste = Bulky waste is collected by appointment, or you bring it to the recycling centre for free.
demo-topic-parking = You apply for a parking permit with your address and your licence plate. You hear from us within eight weeks.
demo-topic-tax = You can object to a tax assessment within six weeks.
demo-topic-benefit = For special assistance you make an appointment with a member of staff, who looks with you at what is possible.
demo-topic-other = For a real answer the operator connects a model to Waarborg. A member of the municipality's staff helps you as well.
demo-tool-result = The tool answered: { $result }
demo-variant = This is answer { $number }.
