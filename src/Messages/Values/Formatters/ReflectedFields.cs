using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Actors.Messages.Values;

/// <summary>
/// Gets the fields of a user's type and generates the methods that copy them. Private, read-only and inherited fields are included; fields
/// of base classes come first.
/// </summary>
public static class ReflectedFields
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly MethodInfo WriteMethod = FindMethod(nameof(WriteField));
    private static readonly MethodInfo WriteNamedMethod = FindMethod(nameof(WriteNamedField));
    private static readonly MethodInfo ReadMethod = FindMethod(nameof(ReadField));

    public static FieldInfo[] GetFields(Type type)
    {
        IEnumerable<FieldInfo> fields = [];
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            fields = GetDeclaredFields(level).Concat(fields);
        }

        return MemoryPackAttributes.IsMarked(type) ? [.. fields.Where(field => !MemoryPackAttributes.IsIgnored(field))] : [.. fields];
    }

    /// <summary>Gets the fields that one class declares, without those of its base classes.</summary>
    public static IEnumerable<FieldInfo> GetDeclaredFields(Type level) =>
        level.GetFields(Declared).Where(IsCarried).OrderBy(field => field.MetadataToken);

    public static WriteFields<T> MakeWriter<T>(FieldInfo[] fields) =>
        RuntimeFeature.IsDynamicCodeSupported ? EmitWriter<T>(fields) : FieldReflection.MakeWriter<T>(fields);

    public static ReadFields<T> MakeReader<T>(FieldInfo[] fields) =>
        RuntimeFeature.IsDynamicCodeSupported ? EmitReader<T>(fields) : FieldReflection.MakeReader<T>(fields);

    /// <summary>Gets the name of a field for error messages of the writer; null for types that the writer never refuses.</summary>
    public static string? FindMemberName(FieldInfo field) =>
        field.FieldType.IsPrimitive || field.FieldType == typeof(string) || field.FieldType.IsEnum
        ? null
        : $"{TypeNames.GetShortName(field.DeclaringType!)}.{TypeNames.GetMemberName(field.Name)}";

    private static WriteFields<T> EmitWriter<T>(FieldInfo[] fields)
    {
        var method = new DynamicMethod(
            "write", null, [typeof(ValueWriter).MakeByRefType(), typeof(T).MakeByRefType()], typeof(ReflectedFields).Module, true);
        var il = method.GetILGenerator();
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            EmitTarget<T>(il);
            il.Emit(OpCodes.Ldfld, field);
            if (FindMemberName(field) is { } member)
            {
                il.Emit(OpCodes.Ldstr, member);
                il.Emit(OpCodes.Call, WriteNamedMethod.MakeGenericMethod(field.FieldType));
            }
            else
            {
                il.Emit(OpCodes.Call, WriteMethod.MakeGenericMethod(field.FieldType));
            }
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<WriteFields<T>>();
    }

    private static ReadFields<T> EmitReader<T>(FieldInfo[] fields)
    {
        var method = new DynamicMethod(
            "read", null, [typeof(ValueReader).MakeByRefType(), typeof(T).MakeByRefType()], typeof(ReflectedFields).Module, true);
        var il = method.GetILGenerator();
        foreach (var field in fields)
        {
            EmitTarget<T>(il);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, ReadMethod.MakeGenericMethod(field.FieldType));
            il.Emit(OpCodes.Stfld, field);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<ReadFields<T>>();
    }

    // With this attribute an author excludes a field that has no meaning in another process, such as a lock.
#pragma warning disable SYSLIB0050 // The old serializers are obsolete, but their attribute still states the intent.
    private static bool IsCarried(FieldInfo field) => (field.Attributes & FieldAttributes.NotSerialized) == 0 && !IsCachedDelegate(field);
#pragma warning restore SYSLIB0050

    // The compiler caches delegates of lambdas in fields of the closure. They are created again when needed.
    private static bool IsCachedDelegate(FieldInfo field) =>
        field.Name.StartsWith("<>9__", StringComparison.Ordinal) && typeof(Delegate).IsAssignableFrom(field.FieldType);

    private static void EmitTarget<T>(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_1);
        if (!typeof(T).IsValueType)
        {
            il.Emit(OpCodes.Ldind_Ref);
        }
    }

    private static void WriteField<TField>(ref ValueWriter writer, TField value) => writer.WriteValue(value);

    private static void WriteNamedField<TField>(ref ValueWriter writer, TField value, string name)
    {
        var before = writer.Member;
        writer.Member = name;
        writer.WriteValue(value);
        writer.Member = before;
    }

    private static TField ReadField<TField>(ref ValueReader reader) => reader.ReadValue<TField>();

    private static MethodInfo FindMethod(string name) =>
        typeof(ReflectedFields).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}
