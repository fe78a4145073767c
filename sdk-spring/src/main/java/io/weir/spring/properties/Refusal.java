package io.weir.spring.properties;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Says that a property is not legal, for Boot's own analysis of that: a sentence. */
final class Refusal {

    private Refusal() {}

    static InvalidConfigurationPropertyValueException of(String property, Object value, IllegalArgumentException why) {
        return of(property, value, String.valueOf(why.getMessage()), why);
    }

    static InvalidConfigurationPropertyValueException of(
            String property, Object value, String why, @Nullable Throwable cause) {
        return new InvalidConfigurationPropertyValueException(property, value, why + ".", cause);
    }
}
