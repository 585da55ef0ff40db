package io.pyflow.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A store in a folder, such as one that all workers mount. Thread-safe. Each object is a file below
 * the root, at the path that its key is; it is there whole or not at all.
 */
public final class FileStore implements PayloadStore {
  private static final Pattern KEY =
      Pattern.compile("(?:(?!\\.{0,2}(?:/|\\z))[A-Za-z0-9_.=-]+(?:/(?!\\z)|\\z))+");

  private final Path root;

  /**
   * A store in this folder.
   *
   * @param root made when it is written to
   */
  public FileStore(Path root) {
    this.root = root;
  }

  @Override
  public void put(String key, byte[] bytes) throws IOException {
    Path path = path(key);
    if (Files.exists(path)) {
      return;
    }
    Files.createDirectories(path.getParent());
    Path partial = path.resolveSibling("." + UUID.randomUUID());
    try {
      try (FileChannel file =
          FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          file.write(left);
        }
        file.force(true);
      }
      Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  @Override
  public Optional<byte[]> get(String key, int size) throws IOException {
    try (InputStream file = Files.newInputStream(path(key))) {
      return Optional.of(file.readNBytes(size + 1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Path path(String key) throws IOException {
    if (!KEY.matcher(key).matches()) {
      throw new IOException(
          "the key '%s' is no path below the root of a store of files"
              .formatted(key.substring(0, Math.min(key.length(), 80))));
    }
    return root.resolve(key);
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
