package io.pyflow.worker.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who polls, as histories say it: language, host and process id. */
public final class Identity {
  private Identity() {}

  public static String ofThisProcess() {
    return "java@" + host() + ":" + ProcessHandle.current().pid();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
