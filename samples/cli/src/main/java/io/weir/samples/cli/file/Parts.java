package io.weir.samples.cli.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The parts of files in a receiver's directory. What may be gone on with has a name by the file's name and size, and stays when
 * its sender is lost: the {@value #MOST_KEPT} latest, older ones are deleted. Any thread.
 */
final class Parts {

    static final int MOST_KEPT = 64;

    private static final String BEGIN = ".weir-";
    private static final String END = ".part";
    private static final int NAME_BYTES = 16;

    private final Path directory;
    private final Set<Path> inUse = ConcurrentHashMap.newKeySet();

    Parts(Path directory) {
        this.directory = directory;
    }

    /**
     * Where it will be.
     *
     * @throws TransferException if its name cannot be written here, or leads through what is no directory
     */
    Path targetOf(FileOffer offer) {
        try {
            Path target = directory.resolve(offer.name());
            for (Path level : parentsOf(target)) {
                if (Files.exists(level, LinkOption.NOFOLLOW_LINKS)) {
                    checkDirectory(offer, level);
                }
            }
            return target;
        } catch (InvalidPathException e) {
            // The JVM writes names in the charset of the locale; in that of C there is ASCII only.
            throw new TransferException(
                    "'" + offer.name()
                            + "' is a name that the receiver's locale has no letters for; there, set LC_ALL to "
                            + "C.UTF-8 before the start, or send it under another --name",
                    e);
        }
    }

    /** Makes the directories that it is in, as far as there are none. */
    void makeParents(FileOffer offer, Path target) throws IOException {
        for (Path level : parentsOf(target)) {
            try {
                Files.createDirectory(level);
            } catch (FileAlreadyExistsException e) {
                checkDirectory(offer, level);
            }
        }
    }

    /**
     * Room for it: what was kept of it, if nobody has it in hand, or nothing.
     *
     * @throws TransferException if there is no room
     */
    Part take(FileOffer offer) throws IOException {
        long room = Files.getFileStore(directory).getUsableSpace();
        Path known = directory.resolve(BEGIN + nameOf(offer) + END);
        boolean mine = offer.asks() && inUse.add(known);
        Path path = mine ? known : directory.resolve(BEGIN + UUID.randomUUID() + END);
        try {
            Part part = Part.open(path, offer.size(), () -> inUse.remove(path));
            if (offer.hasSize() && offer.size() - part.bytes() > room) {
                part.close(part.bytes() > 0);
                throw new TransferException(
                        "'" + offer.name() + "' has " + offer.size() + " bytes, there is room for " + room);
            }
            return part;
        } catch (IOException e) {
            inUse.remove(path);
            throw e;
        }
    }

    /** Deletes the oldest of those that nobody has in hand, where there are too many. */
    void prune() throws IOException {
        List<Path> kept;
        try (Stream<Path> inside = Files.list(directory)) {
            kept = inside.filter(path -> isPart(path) && !inUse.contains(path)).toList();
        }
        List<Path> latestFirst =
                kept.stream().sorted(Comparator.comparingLong(Parts::age)).toList();
        for (Path old : latestFirst.subList(Math.min(MOST_KEPT, latestFirst.size()), latestFirst.size())) {
            Files.deleteIfExists(old);
        }
    }

    /** Each level is a directory itself: a link would lead what a stranger sends to another place. */
    private static void checkDirectory(FileOffer offer, Path level) {
        if (!Files.isDirectory(level, LinkOption.NOFOLLOW_LINKS)) {
            throw new TransferException("'" + offer.name() + "' leads through what is no directory here");
        }
    }

    /** Those below this directory, from the top. */
    private List<Path> parentsOf(Path target) {
        List<Path> levels = new ArrayList<>();
        for (Path level = target.getParent(); level != null && !level.equals(directory); level = level.getParent()) {
            levels.add(0, level);
        }
        return levels;
    }

    private static boolean isPart(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(BEGIN) && name.endsWith(END);
    }

    private static long age(Path part) {
        try {
            return -Files.getLastModifiedTime(part).toMillis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameOf(FileOffer offer) {
        Sha256 digest = new Sha256();
        digest.update(ByteBuffer.wrap((offer.size() + "/" + offer.name()).getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.result(), 0, NAME_BYTES);
    }
}
