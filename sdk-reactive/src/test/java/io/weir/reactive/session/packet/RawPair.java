package io.weir.reactive.session.packet;

import io.weir.core.path.PathSettings;
import java.util.List;
import java.util.Random;

/** A talker, and a test in the place of its peer. */
final class RawPair {

    final PacketWire wire = new PacketWire(1);
    final Talker talker;
    final RawEnd raw;

    RawPair() {
        this(PathSettings.defaults());
    }

    RawPair(PathSettings path) {
        this(path, 20);
    }

    /** @param handshakeMillis what the handshake took */
    RawPair(PathSettings path, long handshakeMillis) {
        wire.bytesPerSecond = 1L << 50; // so that times are exact
        Random random = new Random(7);
        Handshaken keys =
                Handshaken.between(Ends.FIRST, Ends.SECOND, random::nextBytes, handshakeMillis * PacketWire.MILLI);
        talker = new Talker(wire.bind(Ends.FIRST), keys.initiator(), path, 3);
        raw = new RawEnd(wire.bind(Ends.SECOND), keys.responder());
    }

    /** Both have said HELLO, and the talker's has been acknowledged. */
    RawPair start() {
        run(talker::start);
        pass(15);
        raw.hello(0);
        raw.acknowledgeAll();
        pass(100);
        raw.acknowledgeAll();
        pass(100);
        raw.opened.clear();
        return this;
    }

    void run(Runnable task) {
        wire.loop().execute(task);
        wire.pass(0);
    }

    void pass(long millis) {
        wire.pass(millis * PacketWire.MILLI);
    }

    List<RawEnd.Opened> came() {
        return raw.opened;
    }
}
