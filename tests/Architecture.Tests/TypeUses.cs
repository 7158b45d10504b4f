using System.Reflection;
using System.Reflection.Emit;

namespace Actors.Architecture.Tests;

/// <summary>
/// The types that a compiled type uses: in its declaration, in the signatures of its members, and in their code. Constants leave no trace
/// in code, so a use of nothing else is not found.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    private const byte TwoBytePrefix = 0xFE;

    private static readonly Dictionary<short, OpCode> OpCodeOf = typeof(OpCodes).GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Gets the used types, without generic arguments, arrays and references. Types may be repeated.</summary>
    public static IEnumerable<Type> Of(Type type) => InDeclarationOf(type)
        .Concat(type.GetFields(Declared).Select(field => field.FieldType))
        .Concat(type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).SelectMany(InMethod))
        .SelectMany(Parts);

    private static IEnumerable<Type> InDeclarationOf(Type type) => type.GetInterfaces()
        .Except(type.BaseType?.GetInterfaces() ?? [])
        .Append(type.BaseType ?? typeof(object))
        .Concat(type.CustomAttributes.Select(attribute => attribute.AttributeType))
        .Concat(type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()));

    private static IEnumerable<Type> InMethod(MethodBase method) => InSignatureOf(method)
        .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])
        .Concat(method.GetMethodBody()?.GetILAsByteArray() is { } code ? InCode(method, code) : []);

    private static IEnumerable<Type> InSignatureOf(MethodBase method) => method.GetParameters()
        .Select(parameter => parameter.ParameterType)
        .Append(method is MethodInfo { ReturnType: var result } ? result : typeof(void))
        .Concat(method is { IsGenericMethod: true } ? method.GetGenericArguments() : []);

    private static IEnumerable<Type> InCode(MethodBase method, byte[] code)
    {
        for (var position = 0; position < code.Length;)
        {
            var isLong = code[position] == TwoBytePrefix;
            var instruction = OpCodeOf[isLong ? (short)(TwoBytePrefix << 8 | code[position + 1]) : code[position]];
            position += instruction.Size;
            if (instruction.OperandType
                is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                foreach (var used in InMember(ResolveMember(method, BitConverter.ToInt32(code, position))))
                    yield return used;
            }

            position += LengthOf(instruction.OperandType, code, position);
        }
    }

    private static MemberInfo ResolveMember(MethodBase method, int token) => method.Module.ResolveMember(
        token,
        method.DeclaringType!.GetGenericArguments(),
        method is { IsGenericMethod: true } ? method.GetGenericArguments() : null)!;

    private static IEnumerable<Type> InMember(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodBase method => InSignatureOf(method).Append(method.DeclaringType!),
        _ => [],
    };

    private static int LengthOf(OperandType operand, byte[] code, int position) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => sizeof(int) + sizeof(int) * BitConverter.ToInt32(code, position),
        _ => 4,
    };

    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericParameter: true } => [],
        { IsConstructedGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
