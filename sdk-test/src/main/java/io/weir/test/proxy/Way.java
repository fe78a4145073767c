package io.weir.test.proxy;

/** The directions of a proxy. */
public enum Way {
    /** From whoever connects or sends to the proxy, to its target. */
    TO_TARGET,
    /** Back. */
    TO_CLIENT
}
