package io.weir.core.peer;

/** Recognises the text form of an IPv6 address (RFC 4291 section 2.2), with an optional zone (RFC 4007 section 11). */
final class Ipv6Literal {
    private static final int GROUPS = 8;

    private Ipv6Literal() {}

    static boolean isLegal(String text) {
        int zone = text.indexOf('%');
        if (zone >= 0 && !isZone(text.substring(zone + 1))) {
            return false;
        }
        String address = zone < 0 ? text : text.substring(0, zone);
        int gap = address.indexOf("::");
        if (gap < 0) {
            return groups(address, true) == GROUPS;
        }
        // "::" stands for one group at least, and only once.
        String left = address.substring(0, gap);
        String right = address.substring(gap + 2);
        int leftGroups = left.isEmpty() ? 0 : groups(left, false);
        int rightGroups = right.isEmpty() ? 0 : groups(right, true);
        return leftGroups >= 0 && rightGroups >= 0 && leftGroups + rightGroups < GROUPS;
    }

    /** The number of 16-bit groups, or a negative number if it is none. A dotted quad at the end counts as two. */
    private static int groups(String text, boolean mayEndInQuad) {
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (isGroup(parts[i])) {
                count++;
            } else if (mayEndInQuad && i == parts.length - 1 && Ipv4Literal.isLegal(parts[i])) {
                count += 2;
            } else {
                return Integer.MIN_VALUE;
            }
        }
        return count;
    }

    private static boolean isGroup(String text) {
        return !text.isEmpty()
                && text.length() <= 4
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
    }

    private static boolean isZone(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
    }
}
