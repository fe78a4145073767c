package io.weir.benchmarks.child;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One line from a side's standard output: {@code @weir word key=value ...}, values percent-escaped where they hold
 * white space. Any other line there (a JVM's warning) is not of the protocol.
 *
 * @param word what it says
 * @param fields what belongs to it
 */
public record Line(String word, Map<String, String> fields) {
    /** The side is set up; field {@code address} on a server, {@code detail} on a client. */
    public static final String READY = "ready";

    /** A sample, with its fields; the answer to command {@code sample}. */
    public static final String SAMPLE = "sample";

    /** How much had arrived when, in field {@code points}; the answer to command {@code series}. */
    public static final String SERIES = "series";

    /** A command without a result was done. */
    public static final String DONE = "done";

    /** The side cannot go on; field {@code reason}. */
    public static final String FAILED = "failed";

    private static final String MARK = "@weir ";

    /** A line with one field. */
    public static Line of(String word, String key, String value) {
        return new Line(word, Map.of(key, value));
    }

    /** The line that {@link #toString()} gave, or nothing if the text is not of the protocol. */
    public static Optional<Line> parse(String text) {
        if (!text.startsWith(MARK)) {
            return Optional.empty();
        }
        String[] parts = text.substring(MARK.length()).split(" ");
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 0) {
                return Optional.empty();
            }
            fields.put(parts[i].substring(0, equals), unescape(parts[i].substring(equals + 1)));
        }
        return Optional.of(new Line(parts[0], fields));
    }

    /** A field's value, empty if it is absent. */
    public String field(String key) {
        return fields.getOrDefault(key, "");
    }

    @Override
    public String toString() {
        return MARK
                + word
                + fields.entrySet().stream()
                        .map(field -> " " + field.getKey() + "=" + escape(field.getValue()))
                        .collect(Collectors.joining());
    }

    private static String escape(String value) {
        StringBuilder escaped = new StringBuilder();
        value.chars().forEach(c -> {
            if (c == '%' || c <= ' ') {
                escaped.append('%').append(String.format("%02x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '%' && i + 2 < value.length()) {
                plain.append((char) Integer.parseInt(value.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                plain.append(value.charAt(i));
            }
        }
        return plain.toString();
    }
}
