/** {@code weir.*}, and what becomes of it. */
@NullMarked
package io.weir.spring.properties;

import org.jspecify.annotations.NullMarked;
