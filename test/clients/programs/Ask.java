import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** GETs by both clients of Java, the last ones of a service of this process; prints status and body of each, a line of JSON. */
class Ask {
  static HttpServer startOwnService() throws Exception {
    var service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext("/", exchange -> {
      byte[] body = "\"own\"".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    service.start();
    return service;
  }

  public static void main(String[] urls) throws Exception {
    var service = startOwnService();
    List<String> all = new ArrayList<>(List.of(urls));
    for (String host : List.of("localhost", "127.0.0.1"))
      all.add("http://" + host + ":" + service.getAddress().getPort() + "/");
    HttpClient client = HttpClient.newHttpClient();
    for (String url : all) {
      var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      try (InputStream body = connection.getInputStream()) {
        print(connection.getResponseCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
      var response = client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
      print(response.statusCode(), response.body());
    }
    service.stop(0);
  }

  static void print(int status, String body) {
    System.out.println("[" + status + "," + body + "]");
  }
}
