package io.weir.reactive.session;

import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.UserCode.Scene;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A codec that fails in one of its methods. */
final class FailingCodec implements Codec<String> {
    private final Scene scene;
    private final String where;

    private FailingCodec(Scene scene, String where) {
        this.scene = scene;
        this.where = where;
    }

    static Codec<String> failingSizeOf(Scene scene) {
        return new FailingCodec(scene, "sizeOf");
    }

    static Codec<String> failingEncode(Scene scene) {
        return new FailingCodec(scene, "encode");
    }

    static Codec<String> failingEncodeTo(Scene scene) {
        return new FailingCodec(scene, "encodeTo");
    }

    static Codec<String> failingDecode(Scene scene) {
        return new FailingCodec(scene, "decode");
    }

    @Override
    public int sizeOf(String value) {
        strikeIn("sizeOf");
        return where.equals("encodeTo") ? value.length() : -1;
    }

    @Override
    public ByteBuffer encode(String value) {
        strikeIn("encode");
        return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void encodeTo(String value, ByteBuffer out) {
        out.put((byte) '?'); // it fails half-way
        strikeIn("encodeTo");
    }

    @Override
    public String decode(ByteBuffer payload) {
        strikeIn("decode");
        return StandardCharsets.UTF_8.decode(payload).toString();
    }

    private void strikeIn(String method) {
        if (where.equals(method)) {
            scene.blow.strike();
        }
    }
}
