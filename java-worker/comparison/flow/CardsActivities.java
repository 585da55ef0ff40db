import com.amazonaws.services.simpleworkflow.flow.annotations.Activities;
import com.amazonaws.services.simpleworkflow.flow.annotations.ActivityRegistrationOptions;

/** The same activity with the AWS Flow Framework for Java 1; not compiled and not run here. */
@Activities(version = "1")
@ActivityRegistrationOptions(
    defaultTaskScheduleToStartTimeoutSeconds = 300,
    defaultTaskStartToCloseTimeoutSeconds = 30,
    defaultTaskHeartbeatTimeoutSeconds = 10)
public interface CardsActivities {
  Receipt charge(Order order);
}
