# frozen_string_literal: true

# An answer that comes later: the activity asks a person, and a web hook answers.
class Approve < Pyflow::Activity
  activity 'approve', version: '1', start_to_close_timeout: 7 * 24 * 3600, heartbeat: :manual

  def call(question:)
    Questions.ask(question, reply_to: context.complete_later) # the task token
  end
end

# In the web application: `answered(token, 'yes')`.
def answered(token, answer)
  Pyflow::ActivityCompletion.new(token).complete(answer)
end
