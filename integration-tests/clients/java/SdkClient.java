import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.swf.SwfClient;
import software.amazon.awssdk.services.swf.model.SwfException;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * AWS's SDK for Java as a program: a JSON line in, {@code {"operation", "request"}}, a JSON line out, {@code {"answer"}} or
 * {@code {"fault", "message"}}. Its argument is the endpoint.
 */
public final class SdkClient {
  private static final ObjectMapper JSON =
      new ObjectMapper().registerModule(new SimpleModule().addDeserializer(Instant.class, new EpochSeconds()));

  private final SwfClient client;

  private SdkClient(String endpoint) {
    client =
        SwfClient.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClientBuilder(ApacheHttpClient.builder())
            .build();
  }

  public static void main(String[] arguments) throws IOException {
    SdkClient client = new SdkClient(arguments[0]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(JSON.writeValueAsString(client.exchange(JSON.readTree(line))));
    }
  }

  private Map<String, Object> exchange(JsonNode line) {
    try {
      return Map.of("answer", plain(call(line.get("operation").asText(), line.get("request"))));
    } catch (SwfException e) {
      return Map.of("fault", e.awsErrorDetails().errorCode(), "message", e.awsErrorDetails().errorMessage());
    }
  }

  private Object call(String operation, JsonNode request) {
    try {
      Class<?> type = Class.forName(SwfException.class.getPackageName() + "." + operation + "Request");
      Class<?> builder = (Class<?>) type.getMethod("serializableBuilderClass").invoke(null);
      Object built = ((SdkBuilder<?, ?>) JSON.convertValue(request, builder)).build();
      String method = operation.substring(0, 1).toLowerCase() + operation.substring(1);
      return SwfClient.class.getMethod(method, type).invoke(client, built);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SwfException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is set of an answer, as maps, lists, texts and numbers. */
  private static Object plain(Object value) {
    if (value instanceof SdkPojo pojo) {
      Map<String, Object> members = new LinkedHashMap<>();
      for (SdkField<?> field : pojo.sdkFields()) {
        Object member = field.getValueOrDefault(pojo);
        if (member != null && !(member instanceof SdkAutoConstructList)) {
          members.put(field.memberName(), plain(member));
        }
      }
      return members;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SdkClient::plain).toList();
    }
    return value instanceof Instant instant ? instant.toEpochMilli() / 1000.0 : value;
  }

  private static final class EpochSeconds extends StdDeserializer<Instant> {
    EpochSeconds() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return Instant.ofEpochSecond(parser.getLongValue());
    }
  }
}
