package io.weir.samples.cli.ticket;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Who a peer is and where it can be dialled, in one word: {@code weir1}, then in URL-safe base64 without padding the key, each
 * address, and a CRC-32C of all of that, most significant byte first, by which a word that was cut off or mistyped is told.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                   Ed25519 key (32 bytes) ...                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   scheme      |             port              |  host length  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                          host in UTF-8 ...                       once for each address
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                            CRC-32C                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Scheme 1 is {@code tcp}, 2 is {@code udp}, 3 is {@code quic}. {@link #parse} and {@link #toString} are each other's inverse.
 *
 * @param peer who must answer
 * @param addresses 1 to {@value #MAX_ADDRESSES}, over TCP, UDP or QUIC, each with a port and with that peer expected; in the order in
 *     which they are to be tried
 */
public record Ticket(PeerId peer, List<PeerAddress> addresses) {

    /** Addresses that a ticket may have. */
    public static final int MAX_ADDRESSES = 8;

    private static final String PREFIX = "weir1";
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]+");
    private static final List<String> SCHEMES = List.of(PeerAddress.TCP, PeerAddress.UDP, PeerAddress.QUIC);
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final int CRC_BYTES = 4;
    private static final int MAX_ADDRESS_BYTES = 260;
    private static final int SHOWN = 60;

    public Ticket {
        addresses = addresses.stream().map(address -> address.expecting(peer)).toList();
        if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
            throw new IllegalArgumentException("addresses are " + addresses.size() + ", must be 1 to " + MAX_ADDRESSES);
        }
        for (PeerAddress address : addresses) {
            if (!SCHEMES.contains(address.scheme()) || address.port() == 0) {
                throw new IllegalArgumentException("address " + address.expecting(null)
                        + " must be tcp://, udp:// or quic:// with a port, 1..65535");
            }
        }
    }

    /** Whether that is meant to be a ticket, right or wrong. */
    public static boolean isMeant(String text) {
        return text.startsWith(PREFIX) && !text.contains(":");
    }

    /**
     * Reads a ticket.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Ticket parse(String text) {
        try {
            if (!WORD.matcher(text).matches()) {
                throw new IllegalArgumentException("only A-Z, a-z, 0-9, '-' and '_' may stand in it");
            }
            if ((text.length() - PREFIX.length()) % 4 == 1) { // no number of bytes has so many characters
                throw cutOff();
            }
            Ticket ticket = decode(DECODER.decode(text.substring(PREFIX.length())));
            if (!ticket.toString().equals(text)) {
                throw new IllegalArgumentException("it has bits that mean nothing");
            }
            return ticket;
        } catch (BufferUnderflowException e) {
            throw wrong(text, "it ends within an address", e);
        } catch (IllegalArgumentException e) {
            throw wrong(text, String.valueOf(e.getMessage()), e);
        }
    }

    /** The word. */
    @Override
    public String toString() {
        ByteBuffer bytes = ByteBuffer.allocate(PeerId.LENGTH + MAX_ADDRESSES * MAX_ADDRESS_BYTES + CRC_BYTES);
        bytes.put(peer.bytes());
        for (PeerAddress address : addresses) {
            byte[] host = address.host().getBytes(StandardCharsets.UTF_8);
            bytes.put((byte) (SCHEMES.indexOf(address.scheme()) + 1));
            bytes.putShort((short) address.port());
            bytes.put((byte) host.length);
            bytes.put(host);
        }
        bytes.putInt(crc(bytes.array(), bytes.position()));
        return PREFIX + ENCODER.encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private static Ticket decode(byte[] bytes) {
        int length = bytes.length - CRC_BYTES;
        if (length < PeerId.LENGTH || ByteBuffer.wrap(bytes).getInt(length) != crc(bytes, length)) {
            throw cutOff();
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        byte[] key = new byte[PeerId.LENGTH];
        rest.get(key);
        List<PeerAddress> addresses = new ArrayList<>();
        while (rest.hasRemaining()) {
            int scheme = Byte.toUnsignedInt(rest.get());
            if (scheme < 1 || scheme > SCHEMES.size()) {
                throw new IllegalArgumentException("scheme is " + scheme + ", must be 1 to " + SCHEMES.size());
            }
            int port = Short.toUnsignedInt(rest.getShort());
            byte[] host = new byte[Byte.toUnsignedInt(rest.get())];
            rest.get(host);
            addresses.add(
                    new PeerAddress(SCHEMES.get(scheme - 1), new String(host, StandardCharsets.UTF_8), port, null));
        }
        return new Ticket(PeerId.of(key), addresses);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static IllegalArgumentException cutOff() {
        return new IllegalArgumentException("it is cut off or mistyped: its checksum is another");
    }

    private static IllegalArgumentException wrong(String text, String why, Throwable cause) {
        String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        return new IllegalArgumentException("ticket '" + shown + "': " + why, cause);
    }
}
