package io.weir.core.integrity;

import io.weir.core.crypto.Sha256;

/** The hashes of a Merkle tree (RFC 9162 section 2.1.1, as in RFC 6962): what is a leaf can never be taken for a node. */
final class MerkleHash {

    static final int LENGTH = Sha256.LENGTH;

    private static final byte[] LEAF = {0x00};
    private static final byte[] NODE = {0x01};

    private MerkleHash() {}

    static byte[] empty() {
        return Sha256.hash();
    }

    static byte[] leaf(byte[] data) {
        return Sha256.hash(LEAF, data);
    }

    static byte[] node(byte[] left, byte[] right) {
        return Sha256.hash(NODE, left, right);
    }
}
