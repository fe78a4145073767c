package io.weir.reactive.transport.quic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Initial packets of QUIC version 1, of which everybody on the way knows the keys (RFC 9001 section 5.2): what a server says in
 * one, and ones that no server can open.
 */
final class InitialPackets {

    private static final byte[] SALT = HexFormat.of().parseHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    private static final int TAG_BITS = 128;
    private static final int SAMPLE_BYTES = 16;
    private static final int CRYPTO = 6;
    private static final int ACK = 2;

    private final byte[] key;
    private final byte[] iv;
    private final byte[] mask;

    /** Those of a secret of TLS; packets of other kinds have the same protection, with other secrets. */
    InitialPackets(byte[] secret) throws GeneralSecurityException {
        key = expand(secret, "quic key", 16);
        iv = expand(secret, "quic iv", 12);
        mask = expand(secret, "quic hp", 16);
    }

    /** Those of the server that is answering this datagram, the first of a client. */
    static InitialPackets ofServer(byte[] clientsFirst) throws GeneralSecurityException {
        byte[] id = Arrays.copyOfRange(clientsFirst, 6, 6 + clientsFirst[5]);
        return new InitialPackets(expand(hmac(SALT, id), "server in", 32));
    }

    /** The beginning of the CRYPTO stream in datagrams that begin with Initial packets. */
    byte[] handshake(List<byte[]> datagrams) throws GeneralSecurityException {
        for (byte[] datagram : datagrams) {
            byte[] beginning = crypto(ByteBuffer.wrap(open(datagram)));
            if (beginning != null) {
                return beginning;
            }
        }
        throw new AssertionError("no CRYPTO in " + datagrams.size() + " datagrams");
    }

    private byte[] open(byte[] datagram) throws GeneralSecurityException {
        ByteBuffer in = ByteBuffer.wrap(datagram);
        in.position(5); // type and version
        skip(in, in.get());
        skip(in, in.get());
        skip(in, (int) varInt(in)); // the token
        int length = (int) varInt(in);
        int number = in.position();
        byte[] protection = protection(Arrays.copyOfRange(datagram, number + 4, number + 4 + SAMPLE_BYTES));
        byte[] plain = datagram.clone();
        plain[0] ^= (byte) (protection[0] & 0x0F);
        int numberBytes = (plain[0] & 3) + 1;
        byte[] nonce = iv.clone();
        for (int i = 0; i < numberBytes; i++) {
            plain[number + i] ^= protection[1 + i];
            nonce[nonce.length - numberBytes + i] ^= plain[number + i];
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(plain, 0, number + numberBytes);
        return cipher.doFinal(plain, number + numberBytes, length - numberBytes);
    }

    /**
     * A packet with a short header, and a number of four bytes at its end.
     *
     * @param number above 0
     * @param frames 4 bytes at least
     */
    byte[] seal(byte[] header, int number, byte[] frames) throws GeneralSecurityException {
        ByteBuffer nonce = ByteBuffer.wrap(iv.clone());
        nonce.putInt(iv.length - 4, nonce.getInt(iv.length - 4) ^ number);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce.array()));
        cipher.updateAAD(header);
        byte[] sealed = cipher.doFinal(frames);
        byte[] packet = Arrays.copyOf(header, header.length + sealed.length);
        System.arraycopy(sealed, 0, packet, header.length, sealed.length);
        byte[] protection = protection(Arrays.copyOf(sealed, SAMPLE_BYTES)); // 4 bytes behind where the number begins
        packet[0] ^= (byte) (protection[0] & 0x1F);
        for (int i = 0; i < 4; i++) {
            packet[header.length - 4 + i] ^= protection[1 + i];
        }
        return packet;
    }

    private byte[] protection(byte[] sample) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(mask, "AES"));
        return cipher.doFinal(sample);
    }

    private static byte @Nullable [] crypto(ByteBuffer frames) {
        while (frames.hasRemaining()) {
            int type = frames.get();
            if (type == ACK) {
                varInt(frames);
                varInt(frames);
                long ranges = varInt(frames);
                for (long i = 0; i < 1 + 2 * ranges; i++) {
                    varInt(frames);
                }
            } else if (type == CRYPTO) {
                if (varInt(frames) != 0) {
                    throw new AssertionError("not the beginning");
                }
                byte[] data = new byte[(int) varInt(frames)];
                frames.get(data);
                return data;
            } else if (type != 0 && type != 1) {
                throw new AssertionError("frame of type " + type);
            }
        }
        return null;
    }

    /** The group of the key share in the beginning of a ServerHello (RFC 8446 section 4.1.3). */
    static int groupOf(byte[] serverHello) {
        ByteBuffer in = ByteBuffer.wrap(serverHello);
        if (in.get() != 2) {
            throw new AssertionError("no ServerHello");
        }
        in.position(1 + 3 + 2 + 32);
        skip(in, in.get()); // the session's id
        skip(in, 2 + 1 + 2); // cipher, compression, length of the extensions
        while (true) {
            int type = in.getShort();
            int length = in.getShort();
            if (type == 51) {
                return in.getShort() & 0xFFFF;
            }
            skip(in, length);
        }
    }

    private static void skip(ByteBuffer in, int bytes) {
        in.position(in.position() + bytes);
    }

    private static long varInt(ByteBuffer in) {
        int first = in.get() & 0xFF;
        long value = first & 0x3F;
        for (int i = 1; i < 1 << (first >> 6); i++) {
            value = value << 8 | in.get() & 0xFF;
        }
        return value;
    }

    /** HKDF-Expand-Label of RFC 8446, of one block. */
    private static byte[] expand(byte[] secret, String label, int length) throws GeneralSecurityException {
        byte[] name = ("tls13 " + label).getBytes(US_ASCII);
        ByteBuffer info = ByteBuffer.allocate(2 + 1 + name.length + 1 + 1);
        info.putShort((short) length)
                .put((byte) name.length)
                .put(name)
                .put((byte) 0)
                .put((byte) 1);
        return Arrays.copyOf(hmac(secret, info.array()), length);
    }

    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }
}
