package io.pyflow.worker.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who polls, as histories say it: process id and host. */
public final class Identity {
  private Identity() {}

  public static String ofThisProcess() {
    return ProcessHandle.current().pid() + "@" + host();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
