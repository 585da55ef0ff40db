import io.pyflow.worker.internal.AwsClients;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.services.swf.SwfClient;

/**
 * A bare loop: threads that poll and answer with the worker's own client, and do nothing else.
 *
 * <p>Loop URL TASK_LIST THREADS; ends when it is killed.
 */
public final class Loop {
  private Loop() {}

  public static void main(String[] args) {
    int threads = Integer.parseInt(args[2]);
    SwfClient client =
        AwsClients.create(Optional.of(URI.create(args[0])), Optional.empty(), threads);
    for (int i = 0; i < threads; i++) {
      new Thread(() -> loop(client, args[1])).start();
    }
    System.out.println("ready");
  }

  private static void loop(SwfClient client, String taskList) {
    while (true) {
      var task =
          client.pollForActivityTask(
              poll -> poll.domain("bench").taskList(list -> list.name(taskList)).identity("bare"));
      if (task.taskToken() != null) {
        client.respondActivityTaskCompleted(
            answer -> answer.taskToken(task.taskToken()).result(task.input()));
      }
    }
  }
}
