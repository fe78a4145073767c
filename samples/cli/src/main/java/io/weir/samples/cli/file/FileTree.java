package io.weir.samples.cli.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files, and directories with all that is below them, as they are sent: each walked through while it is sent, so that no list
 * of them is held. Links and devices below a directory are left out.
 */
public final class FileTree {

    /**
     * A file that is given itself, or in a directory that is; or one of these without anything in it.
     *
     * @param name the receiver's; of a directory with {@code /} at its end
     */
    public record Entry(Path path, String name) {

        /** Whether there is no content. */
        public boolean isDirectory() {
            return name.endsWith("/");
        }
    }

    /**
     * How much there is.
     *
     * @param entries files and empty directories
     * @param bytes of all of them together, or {@link FileOffer#UNKNOWN_SIZE} if that is not known of one
     * @param leftOut links, devices and the like in directories
     */
    public record Extent(long entries, long bytes, long leftOut) {}

    private record Root(Path path, String name) {}

    private final List<Root> roots;

    private FileTree(List<Root> roots) {
        this.roots = roots;
    }

    /** These, each under its own name. */
    public static FileTree of(List<Path> paths) {
        return new FileTree(paths.stream().map(path -> root(path, nameOf(path))).toList());
    }

    /** That one under another name. */
    public static FileTree of(Path path, String name) {
        return new FileTree(List.of(root(path, name)));
    }

    /** The name of the first of them. */
    public String firstName() {
        return roots.get(0).name();
    }

    /**
     * Counts them.
     *
     * @throws TransferException if one has a name that no receiver takes, or cannot be read
     */
    public Extent measure() {
        long[] counted = new long[3];
        for (Root root : roots) {
            OutgoingFile.check(root.path());
            try (Stream<Path> walk = walk(root)) {
                walk.forEach(path -> {
                    if (isLeftOut(root, path)) {
                        counted[2]++;
                    } else if (isSent(root, path)) {
                        counted[0]++;
                        counted[1] = sum(counted[1], sizeOf(entry(root, path)));
                    }
                });
            }
        }
        return new Extent(counted[0], counted[1], counted[2]);
    }

    /** All of them, in order; to be closed. Fails with {@link TransferException} where a directory cannot be read. */
    public Stream<Entry> entries() {
        return roots.stream()
                .flatMap(root -> walk(root)
                        .filter(path -> !isLeftOut(root, path) && isSent(root, path))
                        .map(path -> entry(root, path)));
    }

    /** A link to a directory that was given by its name is meant as that. */
    private static Root root(Path path, String name) {
        try {
            return new Root(Files.isSymbolicLink(path) && Files.isDirectory(path) ? path.toRealPath() : path, name);
        } catch (IOException e) {
            throw new TransferException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Stream<Path> walk(Root root) {
        if (!Files.isDirectory(root.path())) {
            return Stream.of(root.path());
        }
        try {
            return Files.walk(root.path());
        } catch (IOException e) {
            throw new TransferException(root.path() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isLeftOut(Root root, Path path) {
        return !path.equals(root.path())
                && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** A directory is sent with what is in it; by itself only if that is nothing. */
    private static boolean isSent(Root root, Path path) {
        boolean directory =
                path.equals(root.path()) ? Files.isDirectory(path) : Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (!directory) {
            return true;
        }
        try (Stream<Path> inside = Files.list(path)) {
            return inside.findAny().isEmpty();
        } catch (IOException e) {
            throw new TransferException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Entry entry(Root root, Path path) {
        StringBuilder name = new StringBuilder(root.name());
        if (!path.equals(root.path())) {
            root.path().relativize(path).forEach(part -> name.append('/').append(part));
        }
        if (Files.isDirectory(path)) {
            name.append('/');
        }
        Entry entry = new Entry(path, name.toString());
        new FileOffer(
                entry.name(), FileOffer.UNKNOWN_SIZE, false, 1); // a name that nobody would take is better refused here
        return entry;
    }

    private static long sizeOf(Entry entry) {
        if (entry.isDirectory()) {
            return 0;
        }
        try {
            return Files.isRegularFile(entry.path()) ? Files.size(entry.path()) : FileOffer.UNKNOWN_SIZE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sum(long one, long other) {
        return one < 0 || other < 0 ? FileOffer.UNKNOWN_SIZE : one + other;
    }

    private static String nameOf(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        if (name == null) {
            throw new TransferException(path + " has no name; give it one by --name");
        }
        return name.toString();
    }
}
