package io.weir.core.peer;

/**
 * Recognises the text form of an IPv4 address: four decimal numbers of 0 to 255, without leading zeros, which some read
 * as octal (RFC 6943 section 3.1.1).
 */
final class Ipv4Literal {

    private Ipv4Literal() {}

    /** Whether the last part is a number: no name ends so, as no top-level domain is one (RFC 3696 section 2). */
    static boolean isMeant(String text) {
        int end = text.endsWith(".") ? text.length() - 1 : text.length();
        int start = text.lastIndexOf('.', end - 1) + 1;
        return start < end && text.substring(start, end).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static boolean isLegal(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (!isByte(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isByte(String text) {
        return !text.isEmpty()
                && text.length() <= 3
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0')
                && Integer.parseInt(text) <= 255;
    }
}
