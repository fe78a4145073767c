package io.weir.core.peer;

import io.weir.core.identity.PeerId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer can be reached or a node listens, and optionally who is expected there.
 *
 * <p>Written {@code scheme://host:port#peer-id}: {@code tcp://example.org:7400}, {@code udp://[2001:db8::1]:7400},
 * {@code memory://name#<43 characters>}. An address of scheme {@code memory} is a name without port. Names are not
 * resolved here. {@link #parse} and {@link #toString} are each other's inverse.
 *
 * @param scheme the transport: {@code tcp}, {@code udp}, {@code quic}, {@code memory} or another one's, lower case
 * @param host a name, an IPv4 literal or an IPv6 literal without brackets; for listening {@code ::} is every address of
 *     the machine, IPv4 and IPv6
 * @param port 0..65,535; 0 lets the system choose when listening and cannot be dialled; 0 for {@code memory}
 * @param expected who must answer there; null accepts anybody, whom admission may still refuse
 */
public record PeerAddress(
        String scheme, String host, int port, @Nullable PeerId expected) {
    /** Scheme of links over TCP. */
    public static final String TCP = "tcp";

    /** Scheme of datagrams. */
    public static final String UDP = "udp";

    /** Scheme of QUIC, whose artifacts are optional. */
    public static final String QUIC = "quic";

    /** Scheme of links inside one process, which have a name in place of host and port. */
    public static final String MEMORY = "memory";

    private static final int MAX_HOST_LENGTH = 253;
    private static final int MAX_PORT = 65_535;

    public PeerAddress {
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(host, "host");
        checkScheme(scheme);
        if (scheme.equals(MEMORY)) {
            checkName(host);
        } else {
            checkHost(host);
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port is " + port + ", must be 0..65535");
        }
        if (scheme.equals(MEMORY) && port != 0) {
            throw new IllegalArgumentException("port is " + port + ", a memory address has none");
        }
    }

    /**
     * At this host and port over TCP, whoever answers.
     *
     * @param host a name, or an IPv4 or IPv6 literal; for listening {@code ::} is every address of the machine
     * @param port 0 to 65,535; 0 is for listening only, where the system then chooses
     * @throws IllegalArgumentException saying which of the two is wrong and what it must be
     */
    public static PeerAddress tcp(String host, int port) {
        return new PeerAddress(TCP, host, port, null);
    }

    /** The same over datagrams. */
    public static PeerAddress udp(String host, int port) {
        return new PeerAddress(UDP, host, port, null);
    }

    /** The same over QUIC. */
    public static PeerAddress quic(String host, int port) {
        return new PeerAddress(QUIC, host, port, null);
    }

    /** A name inside one process, on the in-memory transport. */
    public static PeerAddress memory(String name) {
        return new PeerAddress(MEMORY, name, 0, null);
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException saying which part is wrong and what it must be
     */
    public static PeerAddress parse(String text) {
        int schemeEnd = text.indexOf("://");
        if (schemeEnd < 0) {
            throw wrong(text, "the scheme is missing: it must be scheme://host:port, for example tcp://127.0.0.1:7400");
        }
        int fragment = text.indexOf('#', schemeEnd);
        String authority = text.substring(schemeEnd + 3, fragment < 0 ? text.length() : fragment);
        try {
            String scheme = text.substring(0, schemeEnd);
            checkScheme(scheme);
            PeerAddress address = scheme.equals(MEMORY)
                    ? new PeerAddress(scheme, authority, 0, null)
                    : withAuthority(scheme, authority);
            return fragment < 0 ? address : address.expecting(parsePeerId(text.substring(fragment + 1)));
        } catch (IllegalArgumentException e) {
            throw wrong(text, e.getMessage());
        }
    }

    /** The same place, where that peer is expected. */
    public PeerAddress expecting(@Nullable PeerId peer) {
        return new PeerAddress(scheme, host, port, peer);
    }

    /** The same host at another port. */
    public PeerAddress withPort(int newPort) {
        return new PeerAddress(scheme, host, newPort, expected);
    }

    /** Whether the host is an IP address: there is no name to look up. */
    public boolean isLiteral() {
        return !scheme.equals(MEMORY) && (host.indexOf(':') >= 0 || Ipv4Literal.isMeant(host));
    }

    /** The text form, which {@link #parse} reads. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(scheme).append("://");
        if (host.indexOf(':') >= 0 && !scheme.equals(MEMORY)) {
            text.append('[').append(host).append(']');
        } else {
            text.append(host);
        }
        if (!scheme.equals(MEMORY)) {
            text.append(':').append(port);
        }
        if (expected != null) {
            text.append('#').append(expected);
        }
        return text.toString();
    }

    private static PeerAddress withAuthority(String scheme, String authority) {
        checkAuthority(authority);
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("'[' is never closed by ']'");
            }
            String host = authority.substring(1, end);
            if (host.indexOf(':') < 0) {
                throw new IllegalArgumentException("brackets hold " + quoted(host) + ", must hold an IPv6 address");
            }
            if (!authority.startsWith(":", end + 1)) {
                throw new IllegalArgumentException("after ']' a port must follow, for example [::1]:7400");
            }
            return new PeerAddress(scheme, host, parsePort(authority.substring(end + 2)), null);
        }
        int colon = authority.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("the port is missing: it must be host:port");
        }
        if (authority.indexOf(':', colon + 1) >= 0) {
            throw new IllegalArgumentException("an IPv6 address must stand in brackets, for example [::1]:7400");
        }
        return new PeerAddress(scheme, authority.substring(0, colon), parsePort(authority.substring(colon + 1)), null);
    }

    /** What other kinds of URL have, and an address has not. */
    private static void checkAuthority(String authority) {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c == '/' || c == '?') {
                throw new IllegalArgumentException(
                        quoted(authority.substring(i)) + " is too much: an address has no path and no query");
            }
            if (c == '@') {
                throw new IllegalArgumentException("there is a '@' after the scheme; an address has no user");
            }
            if (Character.isWhitespace(c)) {
                throw new IllegalArgumentException("there is a space (" + describe(c)
                        + ") after the scheme at position " + (i + 1) + "; an address has none");
            }
        }
    }

    private static PeerId parsePeerId(String text) {
        try {
            return PeerId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("after '#' " + e.getMessage(), e);
        }
    }

    private static int parsePort(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5;
        int port = 0;
        for (int i = 0; i < text.length() && digits; i++) {
            char c = text.charAt(i);
            digits = c >= '0' && c <= '9';
            port = port * 10 + (c - '0');
        }
        if (!digits || port > MAX_PORT) {
            throw new IllegalArgumentException("port is " + quoted(text) + ", must be 0..65535");
        }
        return port;
    }

    static void checkScheme(String scheme) {
        boolean legal = !scheme.isEmpty() && scheme.charAt(0) >= 'a' && scheme.charAt(0) <= 'z';
        for (int i = 0; i < scheme.length() && legal; i++) {
            char c = scheme.charAt(i);
            legal = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.';
        }
        if (!legal) {
            throw new IllegalArgumentException("scheme is " + quoted(scheme)
                    + ", must be lower case letters, for example tcp, udp, quic or memory");
        }
    }

    private static void checkHost(String host) {
        if (host.indexOf(':') >= 0) {
            checkLength(host);
            if (!Ipv6Literal.isLegal(host)) {
                throw new IllegalArgumentException("host is " + quoted(host) + ", which is no IPv6 address");
            }
            return;
        }
        checkName(host);
        if (Ipv4Literal.isMeant(host) && !Ipv4Literal.isLegal(host)) {
            throw new IllegalArgumentException(
                    "host is " + quoted(host) + ", which is no IPv4 address: it must be four numbers 0..255");
        }
        if (host.startsWith(".") || host.contains("..")) {
            throw new IllegalArgumentException("host is " + quoted(host) + ", which has an empty part between dots");
        }
    }

    private static void checkName(String name) {
        checkLength(name);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '-' && c != '_' && c != '.') {
                throw new IllegalArgumentException("host has " + describe(c) + " at position " + (i + 1)
                        + "; only letters, digits, '-', '_' and '.' may stand there");
            }
        }
    }

    private static void checkLength(String host) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (host.length() > MAX_HOST_LENGTH) {
            throw new IllegalArgumentException(
                    "host has " + host.length() + " characters, must have at most " + MAX_HOST_LENGTH);
        }
    }

    private static IllegalArgumentException wrong(String text, @Nullable String why) {
        return new IllegalArgumentException("address " + quoted(text) + ": " + why);
    }

    /** Bounded, because what was typed or configured ends up in logs. */
    private static String quoted(String text) {
        return "'" + (text.length() <= 80 ? text : text.substring(0, 80) + "...") + "'";
    }

    private static String describe(char c) {
        return c > ' ' && c < 0x7f ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }
}
