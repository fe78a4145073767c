@NullMarked
package io.weir.core.message;

import org.jspecify.annotations.NullMarked;
