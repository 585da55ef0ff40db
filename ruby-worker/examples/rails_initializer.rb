# frozen_string_literal: true

# config/initializers/pyflow.rb, for `bundle exec pyflow-worker -r ./config/environment.rb -r ./app/activities/charge.rb …`.

Rails.application.config.after_initialize do
  next unless defined?(Pyflow::Worker) # console and server need no worker

  Pyflow::Worker.configure(
    # Code is reloaded between activities in development, and each gives its database connection back.
    middleware: [->(*, &activity) { Rails.application.reloader.wrap(&activity) }]
  )
end
