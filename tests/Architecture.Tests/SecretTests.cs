using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>Secrets are compared in constant time, and get into no image.</summary>
public sealed partial class SecretTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Where secrets are handled; comparisons there must not end at the first difference.</summary>
    private static readonly string[] Sensitive = ["src/Remoting/Access", "src/Coordinator/Http"];

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Hashes have one length: comparing texts would tell the length of the right one.</summary>
    [Fact]
    public void HttpToken_IsComparedByHashInConstantTime()
    {
        var key = Assembly.Load("Actors.Remoting").GetType("Actors.Remoting.Access.AccessKey", throwOnError: true)!;
        var http = Assembly.Load("Actors.Coordinator").GetType("Actors.Coordinator.Http.HttpEndpoint", throwOnError: true)!;

        Assert.Contains("AccessKey.MatchesText", CallsOf(http));
        Assert.Equal(
            ["CryptographicOperations.FixedTimeEquals", "SHA256.HashData"],
            CallsOf(key.GetMethod("MatchesText", All)!).Where(call => !IsConversion(call)).Order());
    }

    [Fact]
    public void Secrets_AreComparedBySequenceNowhere() => Assert.Empty(Sensitive.SelectMany(folder => Repository.Files(folder, ".cs"))
        .Where(file => file.Text.Contains("SequenceEqual", StringComparison.Ordinal)).Select(file => file.Path));

    /// <summary>The files that the documented commands create in the root of the repository.</summary>
    [Theory]
    [InlineData("secrets")]
    [InlineData("certificates")]
    [InlineData("client-key")]
    [InlineData("node-key")]
    [InlineData("http-token")]
    [InlineData("connection")]
    [InlineData("**/*.key")]
    [InlineData("**/*.db")]
    public void Images_AreBuiltWithoutSecrets(string pattern)
    {
        Assert.Contains(pattern, Lines(".dockerignore"));
        Assert.Contains(Lines(".gitignore"), line => line.Trim('/') == pattern.Replace("**/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Dockerfile_CopiesSourcesOnly_AndHasNoSecret()
    {
        var dockerfile = Lines("Dockerfile");
        var copied = dockerfile.Where(line => Copy().IsMatch(line) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]);

        Assert.All(copied, source => Assert.Matches(@"^(config|src(/\S+)?|global\.json|Directory\.\w+\.props|\.editorconfig)$", source));
        Assert.DoesNotContain(dockerfile, line => Secret().IsMatch(line));
        Assert.Single(dockerfile, line => line.Contains("DOTNET_DbgEnableMiniDump=0", StringComparison.Ordinal));
    }

    private static bool IsConversion(string call) =>
        call.StartsWith("Encoding.", StringComparison.Ordinal) || call.EndsWith(".op_Implicit", StringComparison.Ordinal);

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Repository.Root, file));

    /// <summary>All methods that a type calls, its local functions and asynchronous methods included.</summary>
    private static HashSet<string> CallsOf(Type type) =>
    [
        .. type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(CallsOf),
        .. type.GetNestedTypes(All).SelectMany(CallsOf),
    ];

    private static IEnumerable<string> CallsOf(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < code.Length;)
        {
            var opCode = OpCodesByValue[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += opCode.Size;
            if (opCode.OperandType == OperandType.InlineMethod)
            {
                var called = method.Module.ResolveMethod(
                    BitConverter.ToInt32(code, at), method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
                    method.IsGenericMethod ? method.GetGenericArguments() : null)!;
                yield return $"{called.DeclaringType!.Name}.{called.Name}";
            }

            at += LengthOf(opCode.OperandType, code, at);
        }
    }

    private static int LengthOf(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => sizeof(int) * (1 + BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    [GeneratedRegex(@"^(COPY|ADD)\s")]
    private static partial Regex Copy();

    [GeneratedRegex(@"^(ENV|ARG)\s.*(KEY|TOKEN|PASSWORD|SECRET)|secrets/", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
