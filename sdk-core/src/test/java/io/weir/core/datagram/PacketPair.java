package io.weir.core.datagram;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RecordCipher;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One direction of a session: who seals, who opens, and what the latter drops. */
final class PacketPair {
    static final int INDEX = 0xCAFE_0001;
    static final int LONGEST = 1_500;

    static final byte[] KEY = key();

    final DropCounts drops = new DropCounts();
    final PacketSealer sealer;
    final PacketOpener opener;

    private static byte[] key() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 0x42);
        return key;
    }

    PacketPair(CipherSuite suite) {
        sealer = new PacketSealer(RecordCipher.sealing(suite, KEY), INDEX);
        opener = new PacketOpener(RecordCipher.opening(suite, KEY), drops);
    }

    byte[] seal(long number, byte... frames) {
        byte[] packet = new byte[frames.length + PacketSealer.OVERHEAD];
        int length = sealer.seal(number, frames, 0, frames.length, packet);
        return Arrays.copyOf(packet, length);
    }

    /** The frames; null if the datagram was dropped. */
    byte @Nullable [] open(byte[] datagram) {
        byte[] frames = new byte[LONGEST];
        int length = opener.open(datagram, datagram.length, frames);
        return length < 0 ? null : Arrays.copyOf(frames, length);
    }
}
