package io.weir.reactive;

/** How far a dial has come. The stages come in this order; one that there is no need of is left out. */
public enum DialStage {
    /** The name's addresses are looked up; left out where the address holds none to look up. */
    RESOLVING,

    /** The addresses are tried. */
    CONNECTING,

    /** The connection is made; the ends prove to each other who they are. */
    HANDSHAKING
}
