package io.weir.reactive.transport.memory;

import java.net.SocketAddress;

/** The address of one end of an in-memory link: the name listened at, or the source of the end that dialled. */
final class MemoryAddress extends SocketAddress {

    private static final long serialVersionUID = 1L;

    private final String name;

    MemoryAddress(String name) {
        this.name = name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemoryAddress that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "memory://" + name;
    }
}
