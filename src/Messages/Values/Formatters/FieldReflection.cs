using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>
/// Copies the fields of a user's type by reflection, where the runtime cannot generate code
/// (<see cref="System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported"/> is false). It writes the same bytes as
/// <see cref="ReflectedFields"/>, but more slowly.
/// </summary>
public static class FieldReflection
{
    public static WriteFields<T> MakeWriter<T>(FieldInfo[] fields)
    {
        var accesses = Array.ConvertAll(fields, FieldAccess.ForField);
        return (ref ValueWriter writer, ref T value) =>
        {
            object target = value!;
            foreach (var access in accesses)
            {
                access.WriteField(ref writer, target);
            }
        };
    }

    public static ReadFields<T> MakeReader<T>(FieldInfo[] fields)
    {
        var accesses = Array.ConvertAll(fields, FieldAccess.ForField);
        return (ref ValueReader reader, ref T value) =>
        {
            // A struct is boxed once, and unboxed after all fields are set.
            object target = value!;
            foreach (var access in accesses)
            {
                access.ReadField(ref reader, target);
            }

            value = (T)target;
        };
    }

    private sealed record FieldAccess(FieldInfo Field, BoxedValue Value, string? Member)
    {
        public static FieldAccess ForField(FieldInfo field) =>
            new(field, BoxedValue.ForType(field.FieldType), ReflectedFields.FindMemberName(field));

        public void WriteField(ref ValueWriter writer, object target)
        {
            var before = writer.Member;
            writer.Member = Member ?? before;
            Value.WriteValue(ref writer, Field.GetValue(target));
            writer.Member = before;
        }

        public void ReadField(ref ValueReader reader, object target) => Field.SetValue(target, Value.ReadValue(ref reader));
    }
}
