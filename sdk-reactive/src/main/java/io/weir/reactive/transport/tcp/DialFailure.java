package io.weir.reactive.transport.tcp;

import io.netty.util.NetUtil;
import io.weir.core.peer.AddressFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Why nothing came of a dial: each of its addresses with its own cause. Confined to the dial's event loop. */
final class DialFailure {

    private final List<String> reasons = new ArrayList<>(2);
    private final List<Throwable> causes = new ArrayList<>(2);

    /** A family of the name could not be looked up. */
    void unresolved(AddressFamily family, Throwable cause) {
        add(family.toString(), cause);
    }

    /** That address could not be connected to. */
    void refused(InetSocketAddress to, Throwable cause) {
        add(NetUtil.toSocketAddressString(to), cause);
    }

    /** What to tell where there was no address to try. */
    IOException ofNames(String name) {
        String why = reasons.isEmpty()
                ? "has no address"
                : "could not be looked up, or has no address: " + String.join("; ", reasons);
        return withCauses(new UnknownHostException("the name '" + name + "' " + why));
    }

    /** What to tell where all that was tried has failed. */
    IOException ofAll() {
        return withCauses(new IOException(String.join("; ", reasons)));
    }

    private void add(String what, Throwable cause) {
        reasons.add(what + ": " + cause.getMessage());
        causes.add(cause);
    }

    private IOException withCauses(IOException failure) {
        causes.forEach(failure::addSuppressed);
        return failure;
    }
}
