package io.weir.spring.handler;

import org.jspecify.annotations.Nullable;

/** Where one parameter of a handler's method is taken from. */
@FunctionalInterface
interface Argument {

    /**
     * What it is given in this call.
     *
     * @throws io.weir.core.error.CodecException if the peer has sent nothing that fits
     */
    @Nullable
    Object in(Call call);
}
