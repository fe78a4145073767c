package io.weir.samples.cli.file;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which names a receiver takes: a plain name, or names of directories below its own and a name in them. Harmless on every
 * system, so that a directory that one machine sends another can take.
 */
final class FileName {

    private static final int MAX_BYTES = 255;
    private static final int MAX_PATH_BYTES = 2_048;
    private static final int MAX_DEPTH = 64;

    /** What Windows opens in place of a file, whatever directory it is in and whatever follows a dot. */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d) *(\\..*)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

    private FileName() {}

    /** Why that name, of a file or with a slash at its end of a directory, is not taken; or null. */
    static @Nullable String whatIsWrongWith(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            return name.indexOf('/') < 0 ? lengthOf() : "its path must have at most " + MAX_PATH_BYTES + " bytes";
        }
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        if (path.startsWith("/") || DRIVE.matcher(path).matches()) {
            return "it must not be absolute, nor lead to another directory";
        }
        List<String> parts = List.of(path.split("/", -1));
        if (parts.size() > MAX_DEPTH) {
            return "it is " + parts.size() + " directories deep, must be at most " + MAX_DEPTH;
        }
        // Below a directory that is sent, hidden files are its own; above it they would be the receiver's.
        if (parts.get(0).startsWith(".") && !isUpwards(parts.get(0))) {
            return "it must not begin with a dot";
        }
        return parts.stream()
                .map(FileName::whatIsWrongWithPart)
                .filter(wrong -> !wrong.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static String whatIsWrongWithPart(String part) {
        int bytes = part.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES) {
            return lengthOf();
        }
        if (isUpwards(part) || part.indexOf('\\') >= 0) {
            return "it must not lead to another directory";
        }
        if (DEVICE.matcher(part).matches()) {
            return "it is a device on some systems";
        }
        return Printable.hasControls(part) ? "it must not have control characters" : "";
    }

    private static boolean isUpwards(String part) {
        return part.equals(".") || part.equals("..");
    }

    private static String lengthOf() {
        return "it must have 1 to " + MAX_BYTES + " bytes";
    }
}
