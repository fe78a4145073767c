package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A header: of a handler's parameter the one that came with the call, which is the peer's word and not verified; of a client's
 * parameter the one that goes with it. The parameter is a {@code String}, an {@code Optional<String>} or a type that Spring converts
 * text to.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface WeirHeader {

    /** The header's name, 1 to 255 bytes of UTF-8. */
    String value();

    /**
     * What a handler is given where the header is absent. Without one an {@code Optional} is empty then and a {@code @Nullable}
     * parameter null; any other fails the call with {@code DECODE_FAILED}, as a value does that does not convert.
     */
    String defaultValue() default NONE;

    /** Stands for no default. */
    String NONE = "\n";
}
