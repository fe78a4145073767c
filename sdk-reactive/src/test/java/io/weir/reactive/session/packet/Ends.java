package io.weir.reactive.session.packet;

import io.weir.core.path.PathAddress;
import io.weir.core.path.PathSettings;
import java.util.Random;

/** Two talkers on one wire, whose handshake is done. */
final class Ends {

    static final PathAddress FIRST = PacketWire.address(1, 4_001);
    static final PathAddress SECOND = PacketWire.address(2, 4_002);

    final PacketWire wire;
    final Talker first;
    final Talker second;

    Ends(long seed) {
        this(seed, PathSettings.defaults());
    }

    Ends(long seed, PathSettings path) {
        this(seed, path, 1);
    }

    Ends(long seed, PathSettings path, int mostSegments) {
        wire = new PacketWire(seed);
        Random random = new Random(~seed);
        Handshaken keys = Handshaken.between(FIRST, SECOND, random::nextBytes, 2 * wire.delayNanos);
        PacketWire.Socket socket = wire.bind(FIRST);
        socket.mostSegments = mostSegments;
        first = new Talker(socket, keys.initiator(), path, random.nextLong());
        second = new Talker(wire.bind(SECOND), keys.responder(), path, random.nextLong());
    }

    /** Both say HELLO. */
    Ends start() {
        wire.loop().execute(first::start);
        wire.loop().execute(second::start);
        wire.pass(0);
        return this;
    }

    void run(Runnable task) {
        wire.loop().execute(task);
        wire.pass(0);
    }

    void pass(long millis) {
        wire.pass(millis * PacketWire.MILLI);
    }
}
