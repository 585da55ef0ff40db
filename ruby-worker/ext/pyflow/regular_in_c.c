/*
 * Pyflow::Codec::RegularInC: what RegularInRuby says of a value, at a twentieth of its cost.
 *
 * It only looks: nothing of Ruby's is called while it does, and nothing is kept. Between containers it lets Ruby do
 * what is due, so that another thread can beat its heart while this one looks at a value of many megabytes.
 */
#include <math.h>
#include <ruby.h>
#include <ruby/encoding.h>

/* Levels of arrays and hashes: Values::DEPTH. */
#define DEPTH 64

/* Bits that every integer of 1,000 digits has room for; a larger one is left to the careful way. */
#define BITS 3321

static ID by_identity;

static int regular(VALUE value, int room);

static int
text(VALUE value)
{
    return rb_obj_class(value) == rb_cString && rb_enc_get_index(value) == rb_utf8_encindex() &&
           rb_enc_str_coderange(value) != ENC_CODERANGE_BROKEN;
}

static int
integer(VALUE value)
{
    return rb_absint_numwords(value, 1, NULL) <= BITS;
}

static int
array(VALUE value, int room)
{
    /* Its length is read each time, since another thread may change it meanwhile. */
    for (long at = 0; at < RARRAY_LEN(value); at++) {
        if (!regular(RARRAY_AREF(value, at), room)) return 0;
    }
    return 1;
}

struct looking {
    int room;
    int regular;
};

static int
member(VALUE key, VALUE value, VALUE pointer)
{
    struct looking *looking = (struct looking *)pointer;

    looking->regular = RB_TYPE_P(key, T_STRING) && text(key) && regular(value, looking->room);
    return looking->regular ? ST_CONTINUE : ST_STOP;
}

static int
hash(VALUE value, int room)
{
    struct looking looking = { room, 1 };

    if (RTEST(rb_funcall(value, by_identity, 0))) return 0;
    rb_hash_foreach(value, member, (VALUE)&looking);
    return looking.regular;
}

static int
regular(VALUE value, int room)
{
    switch (rb_type(value)) {
      case T_NIL:
      case T_TRUE:
      case T_FALSE:
      case T_FIXNUM:
        return 1;
      case T_FLOAT:
        return isfinite(RFLOAT_VALUE(value));
      case T_STRING:
        return text(value);
      case T_BIGNUM:
        return integer(value);
      case T_ARRAY:
        if (room == 0 || rb_obj_class(value) != rb_cArray) return 0;
        rb_thread_check_ints();
        return array(value, room - 1);
      case T_HASH:
        if (room == 0 || rb_obj_class(value) != rb_cHash) return 0;
        rb_thread_check_ints();
        return hash(value, room - 1);
      default:
        return 0;
    }
}

static VALUE
is_regular(VALUE self, VALUE value)
{
    return regular(value, DEPTH) ? Qtrue : Qfalse;
}

void
Init_regular_in_c(void)
{
    VALUE pyflow = rb_define_module("Pyflow");
    VALUE codec = rb_const_get(pyflow, rb_intern("Codec"));

    by_identity = rb_intern("compare_by_identity?");
    rb_define_module_function(rb_define_module_under(codec, "RegularInC"), "value?", is_regular, 1);
}
