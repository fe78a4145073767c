package io.weir.samples.cli.file;

/**
 * What a peer said, made fit for a terminal: one line without control characters, so that no escape sequence of a
 * stranger reaches it.
 */
final class Printable {

    private static final int MAX_LENGTH = 200;

    private Printable() {}

    static String line(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(MAX_LENGTH).forEach(c -> line.appendCodePoint(isControl(c) ? '?' : c));
        return text.codePointCount(0, text.length()) > MAX_LENGTH ? line + "..." : line.toString();
    }

    static boolean hasControls(String text) {
        return text.codePoints().anyMatch(Printable::isControl);
    }

    /** Also the invisible ones, which can turn the direction of writing. */
    private static boolean isControl(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
