package shop;

import io.pyflow.worker.Activity;
import io.pyflow.worker.ActivityWorker;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/**
 * The worker, started last and stopped first: what the activities need is there as long as one of
 * them runs. Spring closes on SIGTERM, and waits here until no task is left without an answer.
 */
@Component
public class Worker implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final ActivityWorker worker;
  private volatile boolean running;

  public Worker(ApplicationContext beans, WorkerProperties properties) {
    ActivityWorker.Builder builder =
        ActivityWorker.builder()
            .domain(properties.domain())
            .taskList(properties.taskList())
            .concurrency(properties.concurrency())
            .gracefulTimeout(properties.gracefulTimeout());
    properties.endpoint().ifPresent(builder::endpoint);
    activities(beans).forEach(builder::register);
    this.worker = builder.build();
  }

  /** Every bean that has an activity. */
  private static List<Object> activities(ApplicationContext beans) {
    return Arrays.stream(beans.getBeanDefinitionNames())
        .filter(name -> hasActivity(beans.getType(name)))
        .map(beans::getBean)
        .toList();
  }

  private static boolean hasActivity(Class<?> type) {
    return type != null
        && Arrays.stream(ClassUtils.getUserClass(type).getMethods()).anyMatch(Worker::isActivity);
  }

  private static boolean isActivity(Method method) {
    return method.isAnnotationPresent(Activity.class);
  }

  @Override
  public void start() {
    worker.start();
    running = true;
    log.info("ready");
  }

  @Override
  public void stop() {
    worker.close();
    running = false;
    log.info("drained, {} tasks given up", worker.abandoned());
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE; // last to start, first to stop
  }
}
