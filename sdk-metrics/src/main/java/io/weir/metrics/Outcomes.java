package io.weir.metrics;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of {@link WeirTag#OUTCOME}: one for each error code, so that a peer cannot make up more. */
final class Outcomes {

    static final String SUCCESS = "success";

    private static final Map<ErrorCode, String> NAMES = new EnumMap<>(ErrorCode.class);

    static {
        for (ErrorCode code : ErrorCode.values()) {
            NAMES.put(code, code == ErrorCode.NONE ? SUCCESS : code.name().toLowerCase(Locale.ROOT));
        }
    }

    private Outcomes() {}

    static String of(ErrorCode code) {
        return NAMES.getOrDefault(code, SUCCESS);
    }

    /** @param failure null: there is none */
    static String of(@Nullable CloseReason failure) {
        return failure == null ? SUCCESS : of(failure.error());
    }
}
