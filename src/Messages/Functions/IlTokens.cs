using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Actors.Messages.Functions;

/// <summary>Finds the metadata tokens in IL code.</summary>
public static class IlTokens
{
    private const byte TwoBytes = 0xfe;

    private static readonly OpCode?[] Short = new OpCode?[256];
    private static readonly OpCode?[] Long = new OpCode?[256];

#pragma warning disable CA1810 // Two tables are filled from one list.
    static IlTokens()
#pragma warning restore CA1810
    {
        foreach (var field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.GetValue(null) is OpCode code && code.OpCodeType != OpCodeType.Nternal)
            {
                (code.Size == 1 ? Short : Long)[code.Value & 0xff] = code;
            }
        }
    }

    /// <summary>Gets the tokens of all methods, fields and types in the code; null if the code cannot be parsed.</summary>
    public static HashSet<int>? ReadTokens(ReadOnlySpan<byte> code) => ReadTokens(code, static _ => true);

    /// <summary>Gets the tokens of the static fields that the code assigns; null if the code cannot be parsed.</summary>
    public static HashSet<int>? ReadAssignedStatics(ReadOnlySpan<byte> code) =>
        ReadTokens(code, static instruction => instruction == OpCodes.Stsfld);

    /// <summary>Gets the tokens of the static fields whose value or address the code loads; null if the code cannot be parsed.</summary>
    public static HashSet<int>? ReadLoadedStatics(ReadOnlySpan<byte> code) =>
        ReadTokens(code, static instruction => instruction == OpCodes.Ldsfld || instruction == OpCodes.Ldsflda);

    private static HashSet<int>? ReadTokens(ReadOnlySpan<byte> code, Func<OpCode, bool> isWanted)
    {
        var tokens = new HashSet<int>();
        while (!code.IsEmpty)
        {
            var isLong = code[0] == TwoBytes;
            if ((isLong && code.Length < 2) || (isLong ? Long[code[1]] : Short[code[0]]) is not { } instruction)
            {
                return null;
            }

            code = code[instruction.Size..];
            if (OperandSize(instruction.OperandType, code) is not { } size || size > code.Length)
            {
                return null;
            }

            if (HasToken(instruction.OperandType) && isWanted(instruction))
            {
                tokens.Add(BinaryPrimitives.ReadInt32LittleEndian(code));
            }

            code = code[(int)size..];
        }

        return tokens;
    }

    private static bool HasToken(OperandType type) =>
        type is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok;

    private static long? OperandSize(OperandType type, ReadOnlySpan<byte> operand) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineSig
            or OperandType.InlineString or OperandType.InlineTok or OperandType.InlineType or OperandType.ShortInlineR => 4,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch when operand.Length >= 4 => 4 + (4L * BinaryPrimitives.ReadUInt32LittleEndian(operand)),
        _ => null,
    };
}
